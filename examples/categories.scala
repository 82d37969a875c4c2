import dev.kindling.Classifier
import org.apache.spark.ml.Pipeline
import org.apache.spark.ml.feature.{OneHotEncoder, StringIndexer, VectorAssembler}

val orders = spark.range(3000).selectExpr("element_at(array('Bern', 'Rome', 'Oslo'), 1 + pmod(hash(id), 3)) as city", "id % 10 as items").selectExpr("*", "city = 'Rome' and items > 5 or city = 'Oslo' and items < 2 as late")

val index = new StringIndexer().setInputCol("city").setOutputCol("city_index")
val oneHot = new OneHotEncoder().setInputCol("city_index").setOutputCol("city_vector")
val assemble = new VectorAssembler().setInputCols(Array("city_vector", "items")).setOutputCol("features")
val encoder = new Pipeline().setStages(Array(index, oneHot, assemble)).fit(orders)

val model = new Classifier().features("features").label("late").fit(encoder.transform(orders))
val scored = model.transform(encoder.transform(orders))

println(s"${scored.where("prediction = late").count()} of ${scored.count()} are right")

// Vectors of both kinds, a row at a time.
import org.apache.spark.ml.functions.{array_to_vector, vector_to_array}
import org.apache.spark.sql.functions.col
val dense = encoder.transform(orders).withColumn("features", array_to_vector(vector_to_array(col("features"))))
println(s"dense vectors give the same bits: ${new Classifier().features("features").label("late").fit(dense).digest() == model.digest()}")
