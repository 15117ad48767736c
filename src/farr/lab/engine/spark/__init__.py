"""Apache Spark: the engine for what one machine cannot hold. Only this package imports pyspark."""
