namespace EdgeAgent.Torture.Config;

/// <param name="Cases">Parts of names: of cases that have one of them in theirs. Empty: all.</param>
/// <param name="IsJson">One line of JSON at the end.</param>
internal sealed record ConfigOptions(IReadOnlyList<string> Cases, bool IsJson);
