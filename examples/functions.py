"""A saved model in SQL and in a stream, in Python: spark-submit --jars KINDLING.jar --conf
spark.sql.extensions=dev.kindling.sql.KindlingExtensions examples/functions.py MODEL [FOLDER], where MODEL is that of Flowers.java."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

spark = SparkSession.builder.appName("functions").getOrCreate()
model = sys.argv[1] if len(sys.argv) > 1 else "models/flowers"
flowers = spark.read.csv("examples/iris.csv", header=True, inferSchema=True)

named = flowers.withColumn("found", F.expr(f"kindling_predict('{model}', struct(*))"))
print(named.where("found = species").count(), "of", named.count(), "are right")

# With no line of configuration, but slower.
spark.udf.registerJavaFunction("species_of", "dev.kindling.sql.Predict", StringType())
registered = flowers.withColumn("found", F.expr(f"species_of('{model}', struct(*))"))
print("the same:", registered.collect() == named.collect())


# Each batch is a query of its own, so it has the model that was saved last.
def score(batch, number):
    batch.selectExpr("*", f"kindling_predict('{model}', struct(*)) as found").write.mode("append").parquet(out)


folder = sys.argv[2] if len(sys.argv) > 2 else "target/functions"
out = f"{folder}/out"
flowers.write.mode("overwrite").csv(f"{folder}/in", header=True)
stream = spark.readStream.schema(flowers.schema).csv(f"{folder}/in", header=True)
query = stream.writeStream.foreachBatch(score).option("checkpointLocation", f"{folder}/checkpoint").start()
query.processAllAvailable()
query.stop()
spark.read.parquet(out).groupBy("found").count().orderBy("found").show()
