namespace EdgeAgent.Uplink;

/// <summary>How far the uploader of a lane goes to tell the service what the series are called.</summary>
internal enum Naming
{
    /// <summary>The records say it themselves.</summary>
    Unasked,

    /// <summary>The service does not know a series: sessions open with the dictionaries that their records refer to.</summary>
    Asked,

    /// <summary>
    /// It does not know one all the same: one record a session, opened with all that can be found, until it is clear which record it is that nobody
    /// can name any more. The service does not say.
    /// </summary>
    OneByOne,
}
