"""A Spark of the kind that --spark says: local, local-cluster[2,1,1024], or connect, a server that is started here."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[3]
JAR = Path(os.environ.get("KINDLING_JAR", ROOT / "target/kindling-0.1.0.jar"))

FUNCTIONS = ("spark.sql.extensions", "dev.kindling.sql.KindlingExtensions")

# What --py-files does: Python reads modules from the jar.
sys.path.insert(0, str(JAR))


def pytest_addoption(parser):
    parser.addoption("--spark", default="local[2]")


@pytest.fixture(scope="session")
def is_connect(request):
    return request.config.getoption("--spark") == "connect"


@pytest.fixture(scope="session")
def spark(request, is_connect, tmp_path_factory):
    directory = tmp_path_factory.mktemp("spark")
    if is_connect:
        yield from connect(directory)
        return
    session = (
        SparkSession.builder.master(request.config.getoption("--spark"))
        .config("spark.jars", str(JAR))
        .config("spark.submit.pyFiles", str(JAR))
        .config(*FUNCTIONS)
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.warehouse.dir", str(directory))
        .getOrCreate()
    )
    yield session
    session.stop()


def connect(directory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Path(os.environ["SPARK_HOME"])
    log = open(directory / "server.log", "w")
    server = subprocess.Popen(
        [
            home / "bin/spark-submit",
            "--class",
            "org.apache.spark.sql.connect.service.SparkConnectServer",
            "--master",
            "local[2]",
            "--jars",
            str(JAR),
            "--conf",
            f"spark.connect.grpc.binding.port={port}",
            "--conf",
            "spark.connect.grpc.binding.address=127.0.0.1",
            "--conf",
            "=".join(FUNCTIONS),
            "--conf",
            "spark.ui.enabled=false",
            "--conf",
            "spark.sql.shuffle.partitions=3",
            "--conf",
            f"spark.sql.warehouse.dir={directory}",
            "spark-internal",
        ],
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_for(port, server, directory / "server.log")
        # By which an example finds it, too.
        os.environ["SPARK_REMOTE"] = f"sc://127.0.0.1:{port}"
        session = SparkSession.builder.getOrCreate()
        yield session
        session.stop()
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def wait_for(port, server, log):
    for _ in range(600):
        if server.poll() is not None:
            break
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("no Spark Connect server: " + log.read_text()[-5000:])
