namespace EdgeAgent.Doctor;

/// <summary>Looks at one thing that readings depend on. It changes nothing, and never disturbs a running agent.</summary>
internal interface IDoctorCheck
{
    /// <summary>One word, for the first column and for <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>One diagnosis for each thing that was looked at. May block its thread; <see cref="Checkup"/> does not wait for ever.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not look at it.</exception>
    Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken);
}
