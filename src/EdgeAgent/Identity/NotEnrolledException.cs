namespace EdgeAgent.Identity;

/// <summary>There is no certificate to show yet. Readings are kept until there is one.</summary>
internal sealed class NotEnrolledException() : IOException("This device has no certificate yet; it has to be enrolled.");
