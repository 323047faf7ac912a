/** The absolute path of the built studio: static files that any host serves under any path. */
export declare const studioFolder: string;
