"""Asks once what is ready in a file."""
import os, select, sys

file = os.open(sys.argv[1], os.O_RDONLY)
poll = select.poll()
poll.register(file, select.POLLIN)
poll.poll(10)
