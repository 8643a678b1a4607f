//! What stands around an account, by the names that pages give it.
//!
//! In: the role, id and classes of an element. Out: whether it is a menu, a banner about cookies, a row of buttons to
//! share, or their like. Names are taken whole: `sidebar` is one, `sidebar-right` is how the page around is laid out.

/// Roles that say so themselves.
const ROLES: [&str; 8] = [
    "alertdialog",
    "banner",
    "complementary",
    "contentinfo",
    "dialog",
    "menu",
    "navigation",
    "search",
];

/// Names that sites and the usual kits of them share. Sorted.
const NAMES: [&str; 67] = [
    "ad",
    "ad-container",
    "addtoany",
    "ads",
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "cmp",
    "cmp-container",
    "comment-list",
    "comments",
    "consent-banner",
    "cookie-banner",
    "cookie-bar",
    "cookie-consent",
    "cookie-law-info-bar",
    "cookie-notice",
    "cookie-popup",
    "cookiebanner",
    "cookiebar",
    "cookieconsent",
    "cookies",
    "didomi-host",
    "footer",
    "gdpr",
    "gdpr-banner",
    "header",
    "main-menu",
    "main-nav",
    "masthead",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "newsletter-box",
    "newsletter-form",
    "newsletter-signup",
    "onetrust-banner-sdk",
    "onetrust-consent-sdk",
    "outbrain",
    "page-footer",
    "promo",
    "related",
    "related-articles",
    "related-content",
    "related-links",
    "related-posts",
    "related-stories",
    "share",
    "share-bar",
    "share-buttons",
    "share-links",
    "share-tools",
    "sharedaddy",
    "sharing",
    "sidebar",
    "site-footer",
    "site-header",
    "site-nav",
    "site-navigation",
    "social-links",
    "social-media",
    "social-share",
    "taboola",
    "usercentrics-root",
];

/// Whether elements of this name are laid out by what they are called.
pub(super) fn may_be_named(tag: &str) -> bool {
    matches!(tag, "div" | "section" | "ul" | "ol" | "form" | "dialog")
}

/// Whether an element with this role, id and classes stands around the account.
pub(super) fn is_named(role: &str, id: &str, classes: &str) -> bool {
    let is = |name: &str, names: &[&str]| {
        names.binary_search(&name.to_ascii_lowercase().as_str()).is_ok()
    };
    is(role.trim(), &ROLES)
        || is(id.trim(), &NAMES)
        || classes.split_ascii_whitespace().any(|class| is(class, &NAMES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_taken_whole() {
        assert!(NAMES.is_sorted() && ROLES.is_sorted());
        for (role, id, classes) in
            [("navigation", "", ""), ("", "Sidebar", ""), ("", "x", "a cookie-banner b")]
        {
            assert!(is_named(role, id, classes), "{role} {id} {classes}");
        }
        for (role, id, classes) in
            [("", "", ""), ("main", "content", "sidebar-right"), ("", "", "has-newsletter article")]
        {
            assert!(!is_named(role, id, classes), "{role} {id} {classes}");
        }
    }
}
