namespace EdgeAgent.Torture;

/// <summary>What the publisher knows of one feed. Written by one thread, read by others for its counts.</summary>
internal sealed class Feed(string name, int qualityOfService)
{
    private readonly Dictionary<int, int> _sentAgain = [];
    private readonly HashSet<int> _acknowledged = [];
    private int _acknowledgedCount;

    public string Name => name;

    public int QualityOfService => qualityOfService;

    /// <summary>Numbers below this one were sent.</summary>
    public int Next { get; private set; }

    public int AcknowledgedCount => Volatile.Read(ref _acknowledgedCount);

    public IReadOnlyCollection<int> Acknowledged => _acknowledged;

    /// <summary>How many messages were sent again because no acknowledgement had come.</summary>
    public int SentAgainCount => _sentAgain.Count;

    public bool IsAcknowledged(int number) => _acknowledged.Contains(number);

    public int TimesSentAgain(int number) => _sentAgain.GetValueOrDefault(number);

    public void Told(char what, int number)
    {
        switch (what)
        {
            case 's':
                Next = number + 1;
                break;
            case 'a':
                _acknowledged.Add(number);
                Volatile.Write(ref _acknowledgedCount, _acknowledged.Count);
                break;
            case 'r':
                _sentAgain[number] = TimesSentAgain(number) + 1;
                break;
        }
    }
}
