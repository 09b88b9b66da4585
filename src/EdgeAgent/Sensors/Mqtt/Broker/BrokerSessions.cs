using EdgeAgent.Diagnostics;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>
/// The messages of sessions whose service has ended and that were not all acknowledged: the service that a changed configuration begins for the same session
/// goes on with them, as after a lost connection, and copies that the broker sends again are known. Any thread.
/// </summary>
internal sealed class BrokerSessions(AgentMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, BrokerAcknowledgements> _left = [];

    /// <param name="session">See <see cref="BrokerSession"/>.</param>
    public BrokerAcknowledgements Take(uint session)
    {
        lock (_gate)
        {
            return _left.Remove(session, out BrokerAcknowledgements? left) ? left : new BrokerAcknowledgements(session, metrics);
        }
    }

    /// <summary>Nobody acknowledges any more.</summary>
    public void Leave(uint session, BrokerAcknowledgements acknowledgements)
    {
        lock (_gate)
        {
            if (acknowledgements.IsAnyUnderWay)
            {
                _left[session] = acknowledgements;
            }
        }
    }
}
