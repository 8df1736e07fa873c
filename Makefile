# SPDX-License-Identifier: AGPL-3.0-or-later
# Every command of Safe Space. `make run` is all that a person needs.

PYTHON ?= python3
SETUP  := $(PYTHON) -m installers.bootstrap
PY     := .venv/bin/python
ID     := $(if $(filter torture,$(firstword $(MAKECMDGOALS))),$(word 2,$(MAKECMDGOALS)))

.PHONY: run test check bench torture mutants shots dist lock clean uninstall help $(ID)

help:      ## this list
	@sed -n 's/^\([a-z]*\): *## /make \1\t/p' Makefile | expand -t 16

run:       ## set up what is missing and open Safe Space
	@$(SETUP) run --shelve
	@exec $(PY) -I -m safespace

test:      ## everything, counted and not timed; needs no display
	@$(SETUP) work
	@exec $(PY) -m tools.rooms

check:     ## style, types, import contracts, generated files
	@$(SETUP) work
	@exec $(PY) -m tools.check

bench:     ## measure; writes build/bench.json
	@$(SETUP) peer
	@exec $(PY) -m bench.run

torture:   ## full counts of kills, faults and floods: make torture [ID]
	@$(SETUP) work
	@exec $(PY) -m tools.torture $(ID)

mutants:   ## change the guard's policy in every small way: its tests are to notice
	@$(SETUP) mutants
	@exec $(PY) -m tools.mutants

shots:     ## docs/screenshots/, light and dark
	@$(SETUP) work
	@exec $(PY) -m tools.shots

dist:      ## one folder with two programs, in dist/, tried out
	@$(SETUP) dist
	@exec $(PY) -m installers.dist

lock:      ## requirements/*.txt anew from pyproject.toml
	@$(PY) -m tools.lock

uninstall: ## remove the program; asks about models, leaves every space
	@test -x $(PY) || { echo "Nothing was set up here."; exit 1; }
	@exec $(PY) -m installers.uninstall

clean:     ## remove what was built; downloads and wheels stay in .cache
	rm -rf .venv .venv-core build dist

ifneq ($(ID),)
$(ID): ; @:
endif
