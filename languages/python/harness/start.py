"""Runs candidate tests inside the sandbox, in the target's own interpreter.

The core starts this program once per module and environment. It loads the instrumented
module and forks; a child serves several batches while it is as good as new (children.py).

Descriptors: 3 commands in, 4 replies out, 5 shared memory. 0 to 2 are never used: code under
test may close them or write to them. A frame is a 4-byte little-endian length and JSON.

Shared memory (written by the child, read by the core; the core believes none of it):
    [0:4]   number of the test now running, counted from 1
    [4:8]   heartbeat, grows with every test and every wrapped loop
    [64:64+SLOTS]  outcome of each test in the batch
    then SLOTS coverage maps of one byte a goal
The files of this folder are one program: the build joins them, in the order that the engine's
CMakeLists.txt gives. Only the standard library is used, CPython 3.9 and newer.
"""

import ast
import builtins
import gc
import importlib
import importlib.abc
import importlib.util
import inspect
import io
import itertools
import json
import mmap
import opcode
import operator
import os
import re
import resource
import select
import signal
import struct
import sys
import time
import types
import warnings
import _signal
import _thread

COMMANDS, REPLIES, SHARED = 3, 4, 5
SLOTS = 128
HEADER = 64
MAX_LITERAL = 400
MAX_CONTENT = 400
MAX_CAPTURES = 160
CAPTURES_A_SITE = 6

NOT_RUN, RUNNING, PASSED, RAISED, OUT_OF_FUEL, TIMED_OUT, DISCARDED, BROKEN = range(8)
