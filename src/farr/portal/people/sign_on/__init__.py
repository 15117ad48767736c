"""An organisation's own sign-on, by OpenID Connect: allauth's, with what it leaves open shut. `asking` is how a sign-on is asked, `token`
what an ID token must say, and `provider` both in allauth's place."""
