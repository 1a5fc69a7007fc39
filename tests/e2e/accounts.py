"""Accounts of all sources in a sandbox, as the environment variables that a user sets."""


def accounts(sandbox):
    return {
        "TAP_TEAMWORK_BASE_URL": sandbox.teamwork_url,
        "TAP_TEAMWORK_API_KEY": "twp_sandbox",
        "TAP_MISSIVE_API_URL": sandbox.missive_url,
        "TAP_MISSIVE_API_TOKEN": "missive_pat-sandbox",
        "TAP_MISSIVE_REQUESTS_PER_MINUTE": "100000",
        "TAP_MISSIVE_REQUESTS_PER_QUARTER_HOUR": "1000000",
        "TAP_CRAFT_API_URL": sandbox.craft_url,
        "TAP_CRAFT_REQUESTS_PER_TEN_SECONDS": "100000",
        "TAP_CRAFT_REQUESTS_PER_MINUTE": "100000",
        "TAP_CRAFT_BLOCKS_PER_MINUTE": "1000000",
    }
