"""LocalEmu's client of the Lambda Runtime API for functions in Python.

It does what AWS's client, awslambdaric 3, does: see docs/python-runtime.md.
"""
