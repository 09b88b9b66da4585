namespace EdgeAgent.Samples;

/// <summary>Something that the user can mend. The message says what and how.</summary>
public sealed class QuickstartException(string message) : Exception(message);
