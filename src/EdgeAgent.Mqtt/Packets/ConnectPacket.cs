using System.Buffers;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>
/// The first packet of a client.
/// <code>
/// connect := header(1), string "MQTT", u8 level (4 | 5), u8 flags, u16 keep-alive in s, [ properties if 5.0 ], string client-id,
///            [ [ will-properties if 5.0 ], string will-topic, binary will-payload ], [ string user-name ], [ binary password ]
/// flags   := user-name(1) password(1) will-retain(1) will-qos(2) will(1) clean-start(1) 0(1)
/// </code>
/// </summary>
public readonly struct ConnectPacket
{
    private const int UserNameFlag = 0x80;
    private const int PasswordFlag = 0x40;
    private const int WillRetainFlag = 0x20;
    private const int WillFlag = 0x04;
    private const int CleanStartFlag = 0x02;

    /// <summary>The protocol's name as it stands in the packet, its length in front.</summary>
    private static ReadOnlySpan<byte> ProtocolName => "\0\u0004MQTT"u8;

    /// <summary>The version that the client speaks from here on.</summary>
    public MqttProtocolVersion Version { get; init; }

    /// <summary>Forget what was before (3.1.1: clean session, which also means: keep nothing afterwards).</summary>
    public bool CleanStart { get; init; }

    /// <summary>The keep-alive in seconds; zero for none.</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>The properties (5.0).</summary>
    public MqttProperties Properties { get; init; }

    /// <summary>The client id; empty where the server is to choose.</summary>
    public ReadOnlyMemory<byte> ClientId { get; init; }

    /// <summary>What to publish when the client is lost, or null.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>The user name, or null.</summary>
    public ReadOnlyMemory<byte>? UserName { get; init; }

    /// <summary>The password, or null.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>
    /// Reads a CONNECT frame. On UnsupportedProtocolVersion the answer must be one that an older client understands; on any other error the
    /// packet tells its version, if it got that far, and nothing else.
    /// </summary>
    public static bool TryRead(in MqttFrame frame, out ConnectPacket packet, out MqttReadError error)
    {
        packet = default;
        error = MqttReadError.Malformed;
        var reader = new MqttReader(frame.Body);
        if (!reader.TryReadString(out ReadOnlyMemory<byte> protocol) || !reader.TryRead(out byte level))
        {
            return false;
        }
        var version = (MqttProtocolVersion)level;
        if (!protocol.Span.SequenceEqual("MQTT"u8) || version is not (MqttProtocolVersion.V311 or MqttProtocolVersion.V500))
        {
            error = MqttReadError.UnsupportedProtocolVersion;
            return false;
        }
        packet = new ConnectPacket { Version = version };
        if (!reader.TryRead(out byte flags) || !AreFlagsValid(flags, version) || !reader.TryRead(out ushort keepAlive))
        {
            return false;
        }
        MqttProperties properties = default;
        if (version == MqttProtocolVersion.V500)
        {
            error = MqttProperties.Read(ref reader, MqttPacketType.Connect, out properties);
            if (error != MqttReadError.None)
            {
                return false;
            }
        }
        error = MqttReadError.Malformed;
        if (!reader.TryReadString(out ReadOnlyMemory<byte> clientId))
        {
            return false;
        }
        MqttWill? will = null;
        if ((flags & WillFlag) != 0)
        {
            error = MqttWill.Read(ref reader, version, flags, out MqttWill read);
            if (error != MqttReadError.None)
            {
                return false;
            }
            will = read;
        }
        error = MqttReadError.Malformed;
        ReadOnlyMemory<byte> userName = default;
        ReadOnlyMemory<byte> password = default;
        if (((flags & UserNameFlag) != 0 && !reader.TryReadString(out userName))
            || ((flags & PasswordFlag) != 0 && !reader.TryReadBinary(out password))
            || !reader.AtEnd)
        {
            return false;
        }
        packet = new ConnectPacket
        {
            Version = version,
            CleanStart = (flags & CleanStartFlag) != 0,
            KeepAlive = keepAlive,
            Properties = properties,
            ClientId = clientId,
            Will = will,
            // Spelled out: a bare null would become an empty array, and with it an empty name.
            UserName = (flags & UserNameFlag) != 0 ? userName : (ReadOnlyMemory<byte>?)null,
            Password = (flags & PasswordFlag) != 0 ? password : (ReadOnlyMemory<byte>?)null,
        };
        error = MqttReadError.None;
        return true;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        bool isVersion5 = Version == MqttProtocolVersion.V500;
        int flags = (CleanStart ? CleanStartFlag : 0) | (UserName is null ? 0 : UserNameFlag) | (Password is null ? 0 : PasswordFlag);
        int remaining = ProtocolName.Length + 1 + 1 + sizeof(ushort) + (isVersion5 ? Properties.EncodedLength : 0) + MqttPacketWriter.LengthOf(ClientId)
            + (UserName is { } name ? MqttPacketWriter.LengthOf(name) : 0) + (Password is { } secret ? MqttPacketWriter.LengthOf(secret) : 0);
        if (Will is { } will)
        {
            flags |= WillFlag | ((int)will.Quality << 3) | (will.Retain ? WillRetainFlag : 0);
            remaining += will.LengthFor(Version);
        }
        var writer = new MqttPacketWriter(output, MqttPacketType.Connect, 0, remaining);
        writer.WriteRaw(ProtocolName);
        writer.Write((byte)Version);
        writer.Write((byte)flags);
        writer.Write(KeepAlive);
        if (isVersion5)
        {
            writer.Write(Properties);
        }
        writer.WriteBinary(ClientId);
        Will?.Write(ref writer, Version);
        if (UserName is { } userName)
        {
            writer.WriteBinary(userName);
        }
        if (Password is { } password)
        {
            writer.WriteBinary(password);
        }
        writer.Complete();
    }

    private static bool AreFlagsValid(byte flags, MqttProtocolVersion version)
    {
        const int WillParts = WillRetainFlag | MqttWill.QualityMask;
        bool isReservedClear = (flags & 1) == 0;
        bool isWillWhole = (flags & WillFlag) != 0 ? (flags & MqttWill.QualityMask) != MqttWill.QualityMask : (flags & WillParts) == 0;
        bool isPasswordAllowed = version == MqttProtocolVersion.V500 || (flags & PasswordFlag) == 0 || (flags & UserNameFlag) != 0;
        return isReservedClear && isWillWhole && isPasswordAllowed;
    }
}
