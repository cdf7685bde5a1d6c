# The end-to-end example, for people who expect make: the crate in test/fixtures/realm, its two builds, and their tests.
# The tests run from the committed builds and need no Rust. To build, see `npm run fixtures` and test/fixtures/realm/README.md.

WASM_BINDGEN_CURRENT = 0.2.130
BUILT = test/fixtures/realm/built
VITEST = npx --no-install vitest run --config test/vitest.config.ts

.PHONY: wasm-web wasm-server e2e-setup e2e e2e-server

# The build for pages.
wasm-web:
	npm run --silent fixtures -- $(WASM_BINDGEN_CURRENT) web

# The build for servers.
wasm-server:
	npm run --silent fixtures -- $(WASM_BINDGEN_CURRENT) server

# Installs what the tests need, and builds the server's module if it is missing.
e2e-setup: $(BUILT)/$(WASM_BINDGEN_CURRENT)-server.wasm node_modules
	node test/setup/chromium.mjs

$(BUILT)/$(WASM_BINDGEN_CURRENT)-server.wasm:
	$(MAKE) wasm-server

node_modules:
	npm ci

# Every build, in Node and in Chromium.
e2e: e2e-setup
	$(VITEST) --project node --project chromium test/realm

# The builds for servers in Node, and the server of examples/tenants as a process.
e2e-server: e2e-setup
	$(VITEST) --project node test/realm --testNamePattern server
	npm run --silent test:package -- "example tenants"
