"""A pytest plugin: the tests in another order. The seed is $SHUFFLED."""
import os
import random


def pytest_collection_modifyitems(items):
    random.Random(os.environ["SHUFFLED"]).shuffle(items)
