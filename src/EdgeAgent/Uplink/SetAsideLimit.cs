namespace EdgeAgent.Uplink;

/// <summary>
/// How much one lane sets aside in a day because the service refuses it. More than that is no poison but a service that is broken, and then everything is better
/// kept. Pure; told the time. A restart forgets it.
/// </summary>
internal sealed class SetAsideLimit
{
    /// <summary>A hundred: an hour and a half of batches that a defect of the device has spoilt, and 1 % of a spool of 10,000.</summary>
    public const int RecordsPerDay = 100;

    /// <summary>As much as a hundred of the largest batches by default.</summary>
    public const long BytesPerDay = RecordsPerDay * 64 * 1024;

    /// <summary>Records one after another that the service did not name. That they stand side by side says that it is not about the records.</summary>
    public const int UnnamedInARow = 3;

    private TimeSpan _began = TimeSpan.MinValue;
    private int _records;
    private long _bytes;
    private int _inARow;

    /// <param name="now">By the monotonic clock.</param>
    /// <param name="bytes">Of the record.</param>
    /// <param name="isNamed">The service said which record it means.</param>
    /// <returns>False where it has to be kept.</returns>
    public bool TryTake(TimeSpan now, int bytes, bool isNamed)
    {
        if (_began == TimeSpan.MinValue || now - _began >= TimeSpan.FromDays(1))
        {
            (_began, _records, _bytes, _inARow) = (now, 0, 0, 0);
        }
        // The first one always, however large: a single record is no flood.
        if (_records > 0 && (_records == RecordsPerDay || _bytes + bytes > BytesPerDay || (!isNamed && _inARow == UnnamedInARow)))
        {
            return false;
        }
        (_records, _bytes, _inARow) = (_records + 1, _bytes + bytes, isNamed ? _inARow : _inARow + 1);
        return true;
    }

    /// <summary>The service took a record.</summary>
    public void OnTaken() => _inARow = 0;
}
