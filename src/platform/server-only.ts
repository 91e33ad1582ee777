/**
 * Imported by the doors of server modules. The "browser" condition of `#server-only` in package.json
 * resolves to nothing, so a bundle for the browser that reaches a server module fails to build.
 */
export {};
