// Copies the module into a deployment.
export default { outputFileTracingIncludes: { "/**": ["./app/hello.wasm"] } };
