using System.Text;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>Judges a CONNECT: first the rules, then what can be offered, then the owner's verdict.</summary>
internal sealed class IntakeGreeting(IntakeShared shared, IntakeTransport transport)
{
    /// <summary>Ids are kept with sessions, so they must be shorter than what fits into a packet. Every known client library keeps far below.</summary>
    private const int MaximumClientIdLength = 256;

    /// <summary>The answer where the device may not publish; null where it may.</summary>
    public MqttReasonCode? Refuse(in ConnectPacket connect, out IntakeAdmission admission)
    {
        admission = null!;
        if (connect.Properties.TryGet(MqttPropertyId.AuthenticationMethod, out ReadOnlyMemory<byte> _))
        {
            return MqttReasonCode.BadAuthenticationMethod;
        }
        if (connect.Properties.TryGet(MqttPropertyId.AuthenticationData, out ReadOnlyMemory<byte> _))
        {
            // Data of no method (5.0, section 3.1.2.11.10).
            return MqttReasonCode.ProtocolError;
        }
        bool isVersion5 = connect.Version == MqttProtocolVersion.V500;
        bool isAssigned = connect.ClientId.IsEmpty;
        // A 3.1.1 server cannot tell the id that it has assigned, so such a client could never come back to its session [MQTT-3.1.3-8].
        if (connect.ClientId.Length > MaximumClientIdLength || (isAssigned && !isVersion5 && !connect.CleanStart))
        {
            return MqttReasonCode.ClientIdentifierNotValid;
        }
        if (connect.Will is { } will && will.Topic.Length > shared.Options.MaximumTopicLength)
        {
            return MqttReasonCode.TopicNameInvalid;
        }
        string clientId = isAssigned ? $"assigned-{Guid.NewGuid():N}" : Encoding.UTF8.GetString(connect.ClientId.Span);
        IntakeVerdict verdict = shared.Handler.Connecting(new IntakeConnect
        {
            ClientId = clientId,
            UserName = connect.UserName is { } name ? Encoding.UTF8.GetString(name.Span) : null,
            Password = connect.Password ?? default,
            ClientCertificate = transport.ClientCertificate,
            IsEncrypted = transport.IsEncrypted,
            RemoteEndPoint = transport.Remote,
            Version = connect.Version,
        });
        if (verdict != IntakeVerdict.Admit)
        {
            return ReasonOf(verdict);
        }
        admission = Admit(connect, clientId, isAssigned);
        return null;
    }

    private static MqttReasonCode ReasonOf(IntakeVerdict verdict) => verdict switch
    {
        IntakeVerdict.BadUserNameOrPassword => MqttReasonCode.BadUserNameOrPassword,
        IntakeVerdict.NotAuthorized => MqttReasonCode.NotAuthorized,
        IntakeVerdict.ClientIdentifierNotValid => MqttReasonCode.ClientIdentifierNotValid,
        _ => MqttReasonCode.ServerUnavailable,
    };

    private IntakeAdmission Admit(in ConnectPacket connect, string clientId, bool isAssigned)
    {
        bool isVersion5 = connect.Version == MqttProtocolVersion.V500;
        uint mostExpiry = (uint)shared.Options.MaximumSessionExpiry.TotalSeconds;
        ushort mostKeepAlive = (ushort)shared.Options.MaximumKeepAlive.TotalSeconds;
        // Absent means zero in 5.0. In 3.1.1, clean session means nothing is kept, and else it has no end.
        uint askedExpiry = isVersion5
            ? connect.Properties.GetOrDefault(MqttPropertyId.SessionExpiryInterval, 0)
            : (connect.CleanStart ? 0 : uint.MaxValue);
        uint expiry = uint.Min(askedExpiry, mostExpiry);
        ushort keepAlive = isVersion5 && (connect.KeepAlive == 0 || connect.KeepAlive > mostKeepAlive) ? mostKeepAlive : connect.KeepAlive;

        var reply = new MqttPropertiesBuilder();
        if (isVersion5)
        {
            reply.Add(MqttPropertyId.ReceiveMaximum, shared.Options.ReceiveMaximum)
                .Add(MqttPropertyId.MaximumPacketSize, (uint)shared.Options.MaximumPacketSize)
                .Add(MqttPropertyId.TopicAliasMaximum, shared.Options.TopicAliasMaximum)
                .Add(MqttPropertyId.WildcardSubscriptionAvailable, 0)
                .Add(MqttPropertyId.SubscriptionIdentifiersAvailable, 0)
                .Add(MqttPropertyId.SharedSubscriptionAvailable, 0);
            if (expiry != askedExpiry)
            {
                reply.Add(MqttPropertyId.SessionExpiryInterval, expiry);
            }
            if (keepAlive != connect.KeepAlive)
            {
                reply.Add(MqttPropertyId.ServerKeepAlive, keepAlive);
            }
            if (isAssigned)
            {
                reply.Add(MqttPropertyId.AssignedClientIdentifier, clientId);
            }
        }
        return new IntakeAdmission
        {
            Version = connect.Version,
            ClientId = clientId,
            CleanStart = connect.CleanStart,
            KeepAlive = TimeSpan.FromSeconds(keepAlive),
            SessionExpiry = TimeSpan.FromSeconds(expiry),
            MaximumReplySize = connect.Properties.GetOrDefault(MqttPropertyId.MaximumPacketSize, uint.MaxValue),
            WantsWords = isVersion5 && connect.Properties.GetOrDefault(MqttPropertyId.RequestProblemInformation, 1) == 1,
            Will = connect.Will is { } will ? Copy(will) : null,
            Reply = reply.Build(),
        };
    }

    private static MqttWill Copy(in MqttWill will) => new()
    {
        Topic = will.Topic.ToArray(),
        Payload = will.Payload.ToArray(),
        Quality = will.Quality,
        Retain = will.Retain,
        Properties = new MqttProperties(will.Properties.Encoded.ToArray()),
    };
}
