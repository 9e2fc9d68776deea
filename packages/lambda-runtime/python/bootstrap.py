"""Runs a Lambda function for Python: the program that LocalEmu starts for each execution environment.

It is what `/var/runtime/bootstrap.py` is on AWS, and needs nothing but Python's standard library.
"""

import os
import site
import sys


def take_layer_directories():
    """The directory that stands for `/opt` is the program's argument, of which the function sees nothing."""
    roots = sys.argv[1:]
    del sys.argv[1:]
    major, minor = sys.version_info[:2]
    # AWS: the packages of this version of Python before those of all (AWS docs).
    return [f"{root}/{part}" for root in roots for part in (f"python/lib/python{major}.{minor}/site-packages", "python")]


def prepare_path(task_root, layers):
    """The function's own code comes first, then the layers, unless the function says where modules are.

    AWS: .pth files are followed in all of these, and PYTHONPATH names the runtime's directory (the runtime's bootstrap).
    """
    directories = [task_root] if "PYTHONPATH" in os.environ else [task_root, *layers]
    sys.path[:0] = directories
    for directory in directories:
        site.addsitedir(directory)
    os.environ.setdefault("PYTHONPATH", os.environ["LAMBDA_RUNTIME_DIR"])


def main():
    from localemu_runtime.loop import run

    prepare_path(os.environ["LAMBDA_TASK_ROOT"], take_layer_directories())
    run(os.environ["_HANDLER"], os.environ["AWS_LAMBDA_RUNTIME_API"])


if __name__ == "__main__":
    main()
