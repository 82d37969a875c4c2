"""Kindling in Python: dev.kindling.ml has the estimators and models of Spark ML."""
