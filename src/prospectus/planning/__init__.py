"""Planning on the model of legal plans: wishes, levels proven in order, conflicts in words."""
