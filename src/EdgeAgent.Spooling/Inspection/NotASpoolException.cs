namespace EdgeAgent.Spooling.Inspection;

/// <summary>There is no spool where one was looked for, or one where none may be. The message says what to do.</summary>
public sealed class NotASpoolException(string message) : IOException(message);
