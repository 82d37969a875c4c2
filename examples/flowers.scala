import dev.kindling.Classifier

val flowers = spark.read.option("header", true).option("inferSchema", true).csv("examples/iris.csv")
val model = new Classifier().label("species").fit(flowers)
val scored = model.transform(flowers)

scored.select("species", "prediction", "probability").show(3)
println(s"${scored.where("prediction = species").count()} of ${scored.count()} are right")

val species = model.predict[String](5.1, 3.5, 1.4, 0.2)
println(s"it is $species")
