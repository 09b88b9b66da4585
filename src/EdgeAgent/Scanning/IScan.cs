namespace EdgeAgent.Scanning;

/// <summary>Looks for one kind of hardware. It changes nothing that it finds.</summary>
internal interface IScan
{
    ScanKind Kind { get; }

    /// <summary>Whatever the hardware does stands in the report.</summary>
    Task<ScanReport> RunAsync(CancellationToken cancellationToken);
}
