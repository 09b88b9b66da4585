namespace EdgeAgent.Ingestion.Configs;

/// <summary>One thing that is wrong with a document that was pushed.</summary>
/// <param name="Line">From 1; 0 where it is about the whole.</param>
/// <param name="Column">From 1, in characters.</param>
/// <param name="Pointer">JSON pointer (RFC 6901); empty where it is about the whole.</param>
/// <param name="Message">What is wrong, and what to do.</param>
internal sealed record DocumentProblem(int Line, int Column, string Pointer, string Message)
{
    public override string ToString() => Line == 0 ? Message : Pointer.Length == 0 ? $"{Line}:{Column}: {Message}" : $"{Line}:{Column}: {Pointer}: {Message}";
}
