namespace EdgeAgent.Doctor;

/// <summary>What a check says of one thing. Its word in lower case stands in the output.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Pass,

    /// <summary>It works, and will not for ever, or not as well as it could. A person should look at it some time.</summary>
    Warn,

    /// <summary>It does not work: readings are not taken, not kept or not delivered because of it.</summary>
    Fail,

    /// <summary>It was not looked at: nothing is configured, this user may not, or a running agent would be disturbed.</summary>
    Skipped,
}

/// <summary>One line of the doctor's report.</summary>
/// <param name="Verdict">How it is.</param>
/// <param name="Subject">What was looked at, within the check: a host, a bus, a file. Empty where the check looks at one thing only.</param>
/// <param name="Seen">What was seen, as a whole sentence.</param>
/// <param name="Remedy">What to do, on one line; empty where nothing is to be done.</param>
internal sealed record Diagnosis(Verdict Verdict, string Subject, string Seen, string Remedy)
{
    public static Diagnosis Pass(string subject, string seen) => new(Verdict.Pass, subject, seen, "");

    public static Diagnosis Warn(string subject, string seen, string remedy) => new(Verdict.Warn, subject, seen, remedy);

    public static Diagnosis Fail(string subject, string seen, string remedy) => new(Verdict.Fail, subject, seen, remedy);

    public static Diagnosis Skipped(string subject, string seen, string remedy = "") => new(Verdict.Skipped, subject, seen, remedy);

    /// <summary>What this user may not look at.</summary>
    public static Diagnosis NeedsSudo(string subject, string seen) => Skipped(subject, seen, "Run it again with sudo.");
}
