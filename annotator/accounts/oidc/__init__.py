"""Single sign-on by OpenID Connect: people sign in where the newsroom has its accounts already (docs/adr/0024)."""
