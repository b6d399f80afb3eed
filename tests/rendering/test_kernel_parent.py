"""Small parts of the process from which kernels are forked; what it does as a whole is in test_warm_kernels.py."""

from __future__ import annotations

import importlib
import random
import sys
import threading
import time

import numpy as np
import pytest

from aftershock.rendering import kernel_parent


def test_a_thread_more_is_counted_as_long_as_it_lives():
    go_on = threading.Event()
    before = kernel_parent.threads()
    other = threading.Thread(target=go_on.wait, daemon=True)
    other.start()
    assert kernel_parent.threads() == before + 1
    go_on.set()
    other.join()  # the system ends it a moment later
    gone = (kernel_parent.threads() == before or time.sleep(0.01) for _ in range(1000))
    assert any(gone)


def test_meanwhile_a_module_cannot_be_imported_and_then_again():
    with pytest.raises(ZeroDivisionError), kernel_parent._without("this_is_no_module"):
        with pytest.raises(ModuleNotFoundError, match=r"import of this_is_no_module halted"):
            importlib.import_module("this_is_no_module")
        _ = 1 / 0
    assert "this_is_no_module" not in sys.modules


def test_a_kernel_s_sys_lists_no_modules_and_is_the_real_one_else():
    own = kernel_parent._SysForKernels()
    assert not own.modules and own.path is sys.path and own.stdout is sys.stdout
    with pytest.raises(AttributeError):
        _ = own.no_such_name


def test_kernels_of_one_parent_draw_other_numbers():
    kept = random.getstate(), np.random.get_state()
    drawn = set()
    for _ in range(3):
        random.seed(1)
        np.random.seed(1)
        kernel_parent._seed_anew()
        drawn |= {random.random(), np.random.random()}
    random.setstate(kept[0])
    np.random.set_state(kept[1])
    assert len(drawn) == 6
