namespace EdgeAgent.Ingestion.Hosting;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Where">A file, a flag, or a JSON pointer (RFC 6901) into the file.</param>
/// <param name="What">What is wrong there.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record ConfigurationProblem(string Where, string What, string Remedy)
{
    public override string ToString() => $"{Where}: {What} {Remedy}";
}
