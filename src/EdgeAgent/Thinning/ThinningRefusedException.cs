namespace EdgeAgent.Thinning;

/// <summary>
/// The records cannot be understood: one is damaged, a series has no name, or one name stands for two kinds of values. Nothing was appended. The spool leaves
/// the stretch as it is.
/// </summary>
internal sealed class ThinningRefusedException(string message, Exception? cause = null) : Exception(message, cause);
