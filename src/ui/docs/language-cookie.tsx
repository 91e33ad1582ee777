/** The cookie that keeps in which language one reads samples. */
export const languageCookie = "sample-language";
