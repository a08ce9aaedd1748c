"""Ways to reach people: mail and chat through apprise, other systems through signed webhooks."""
