# An image with a Python for functions, made from LocalEmu's.
FROM localemu/localemu:0.1.0
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
USER node
