using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Makes <see cref="MqttClientOptions"/>, whose members say what each means. A server is required.</summary>
public sealed class MqttClientOptionsBuilder
{
    private readonly MqttClientOptions _options = new();
    private MqttClientTcpOptions? _tcp;
    private MqttClientTlsOptions? _tls;

    /// <summary>Checks the options and hands them out. The builder keeps writing to the same object afterwards.</summary>
    /// <exception cref="InvalidOperationException">There is no server.</exception>
    /// <exception cref="NotSupportedException">An option needs MQTT 5.0, and another version is asked for.</exception>
    public MqttClientOptions Build()
    {
        if (_tcp is null)
        {
            throw new InvalidOperationException("A server must be set.");
        }
        _tcp.TlsOptions = _tls ?? _tcp.TlsOptions;
        int standardPort = _tcp.TlsOptions.UseTls ? MqttPorts.Secure : MqttPorts.Default;
        _tcp.RemoteEndpoint = _tcp.RemoteEndpoint switch
        {
            DnsEndPoint { Port: 0 } dns => new DnsEndPoint(dns.Host, standardPort, dns.AddressFamily),
            IPEndPoint { Port: 0 } ip => new IPEndPoint(ip.Address, standardPort),
            var endPoint => endPoint,
        };
        _options.ChannelOptions = _tcp;
        VersionFeatures.ThrowIfNotSupported(_options);
        return _options;
    }

    /// <summary>A host name or address, and a port. Default: 1883, or 8883 with TLS.</summary>
    public MqttClientOptionsBuilder WithTcpServer(string host, int? port = null, AddressFamily addressFamily = AddressFamily.Unspecified)
    {
        ArgumentNullException.ThrowIfNull(host);
        return WithEndPoint(new DnsEndPoint(host, port ?? 0, addressFamily));
    }

    /// <summary>An end point of any kind of stream socket.</summary>
    public MqttClientOptionsBuilder WithEndPoint(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        _tcp = new MqttClientTcpOptions { RemoteEndpoint = endPoint };
        return this;
    }

    /// <summary>TLS as given.</summary>
    public MqttClientOptionsBuilder WithTlsOptions(MqttClientTlsOptions tlsOptions)
    {
        _tls = tlsOptions;
        return this;
    }

    /// <summary>TLS by a builder.</summary>
    public MqttClientOptionsBuilder WithTlsOptions(Action<MqttClientTlsOptionsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new MqttClientTlsOptionsBuilder();
        configure(builder);
        return WithTlsOptions(builder.Build());
    }

    /// <summary>5.0's word for <see cref="WithCleanSession"/>.</summary>
    public MqttClientOptionsBuilder WithCleanStart(bool value = true) => WithCleanSession(value);

    /// <inheritdoc cref="MqttClientOptions.CleanSession"/>
    public MqttClientOptionsBuilder WithCleanSession(bool value = true) => With(options => options.CleanSession = value);

    /// <inheritdoc cref="MqttClientOptions.ClientId"/>
    public MqttClientOptionsBuilder WithClientId(string value) => With(options => options.ClientId = value);

    /// <summary>User name and password, the latter in UTF-8.</summary>
    public MqttClientOptionsBuilder WithCredentials(string? username, string? password) =>
        WithCredentials(username, password is null ? null : Encoding.UTF8.GetBytes(password));

    /// <summary>User name and password.</summary>
    public MqttClientOptionsBuilder WithCredentials(string? username, byte[]? password = null) =>
        WithCredentials(new MqttClientCredentials(username, password));

    /// <inheritdoc cref="MqttClientOptions.Credentials"/>
    public MqttClientOptionsBuilder WithCredentials(IMqttClientCredentialsProvider? credentials) => With(options => options.Credentials = credentials);

    /// <inheritdoc cref="MqttClientOptions.KeepAlivePeriod"/>
    public MqttClientOptionsBuilder WithKeepAlivePeriod(TimeSpan value) => With(options => options.KeepAlivePeriod = value);

    /// <summary>Never tries a silent connection.</summary>
    public MqttClientOptionsBuilder WithNoKeepAlive() => WithKeepAlivePeriod(TimeSpan.Zero);

    /// <inheritdoc cref="MqttClientOptions.MaximumPacketSize"/>
    public MqttClientOptionsBuilder WithMaximumPacketSize(uint maximumPacketSize) => With(options => options.MaximumPacketSize = maximumPacketSize);

    /// <inheritdoc cref="MqttClientOptions.ProtocolVersion"/>
    public MqttClientOptionsBuilder WithProtocolVersion(MqttProtocolVersion value)
    {
        if (value == MqttProtocolVersion.Unknown)
        {
            throw new ArgumentException("The protocol version is not valid.", nameof(value));
        }
        return With(options => options.ProtocolVersion = value);
    }

    /// <inheritdoc cref="MqttClientOptions.ReceiveMaximum"/>
    public MqttClientOptionsBuilder WithReceiveMaximum(ushort receiveMaximum) => With(options => options.ReceiveMaximum = receiveMaximum);

    /// <inheritdoc cref="MqttClientOptions.RequestProblemInformation"/>
    public MqttClientOptionsBuilder WithRequestProblemInformation(bool requestProblemInformation = true) =>
        With(options => options.RequestProblemInformation = requestProblemInformation);

    /// <inheritdoc cref="MqttClientOptions.RequestResponseInformation"/>
    public MqttClientOptionsBuilder WithRequestResponseInformation(bool requestResponseInformation = true) =>
        With(options => options.RequestResponseInformation = requestResponseInformation);

    /// <inheritdoc cref="MqttClientOptions.SessionExpiryInterval"/>
    public MqttClientOptionsBuilder WithSessionExpiryInterval(uint sessionExpiryInterval) =>
        With(options => options.SessionExpiryInterval = sessionExpiryInterval);

    /// <inheritdoc cref="MqttClientOptions.Timeout"/>
    public MqttClientOptionsBuilder WithTimeout(TimeSpan value) => With(options => options.Timeout = value);

    /// <inheritdoc cref="MqttClientOptions.TopicAliasMaximum"/>
    public MqttClientOptionsBuilder WithTopicAliasMaximum(ushort topicAliasMaximum) => With(options => options.TopicAliasMaximum = topicAliasMaximum);

    /// <inheritdoc cref="MqttClientOptions.UserProperties"/>
    public MqttClientOptionsBuilder WithUserProperty(string name, string value) =>
        With(options => (options.UserProperties ??= []).Add(new MqttUserProperty(name, value)));

    /// <inheritdoc cref="MqttClientOptions.WillContentType"/>
    public MqttClientOptionsBuilder WithWillContentType(string? willContentType) => With(options => options.WillContentType = willContentType);

    /// <inheritdoc cref="MqttClientOptions.WillCorrelationData"/>
    public MqttClientOptionsBuilder WithWillCorrelationData(byte[]? willCorrelationData) =>
        With(options => options.WillCorrelationData = willCorrelationData);

    /// <inheritdoc cref="MqttClientOptions.WillDelayInterval"/>
    public MqttClientOptionsBuilder WithWillDelayInterval(uint willDelayInterval) => With(options => options.WillDelayInterval = willDelayInterval);

    /// <inheritdoc cref="MqttClientOptions.WillMessageExpiryInterval"/>
    public MqttClientOptionsBuilder WithWillMessageExpiryInterval(uint willMessageExpiryInterval) =>
        With(options => options.WillMessageExpiryInterval = willMessageExpiryInterval);

    /// <inheritdoc cref="MqttClientOptions.WillPayload"/>
    public MqttClientOptionsBuilder WithWillPayload(byte[]? willPayload) => With(options => options.WillPayload = willPayload);

    /// <summary>The will's payload, in UTF-8.</summary>
    public MqttClientOptionsBuilder WithWillPayload(string? willPayload) =>
        With(options => options.WillPayload = string.IsNullOrEmpty(willPayload) ? null : Encoding.UTF8.GetBytes(willPayload));

    /// <inheritdoc cref="MqttClientOptions.WillPayloadFormatIndicator"/>
    public MqttClientOptionsBuilder WithWillPayloadFormatIndicator(MqttPayloadFormatIndicator willPayloadFormatIndicator) =>
        With(options => options.WillPayloadFormatIndicator = willPayloadFormatIndicator);

    /// <inheritdoc cref="MqttClientOptions.WillQualityOfServiceLevel"/>
    public MqttClientOptionsBuilder WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel willQualityOfServiceLevel) =>
        With(options => options.WillQualityOfServiceLevel = willQualityOfServiceLevel);

    /// <inheritdoc cref="MqttClientOptions.WillResponseTopic"/>
    public MqttClientOptionsBuilder WithWillResponseTopic(string? willResponseTopic) => With(options => options.WillResponseTopic = willResponseTopic);

    /// <inheritdoc cref="MqttClientOptions.WillRetain"/>
    public MqttClientOptionsBuilder WithWillRetain(bool willRetain = true) => With(options => options.WillRetain = willRetain);

    /// <inheritdoc cref="MqttClientOptions.WillTopic"/>
    public MqttClientOptionsBuilder WithWillTopic(string? willTopic) => With(options => options.WillTopic = willTopic);

    /// <inheritdoc cref="MqttClientOptions.WillUserProperties"/>
    public MqttClientOptionsBuilder WithWillUserProperty(string name, string value) =>
        With(options => (options.WillUserProperties ??= []).Add(new MqttUserProperty(name, value)));

    private MqttClientOptionsBuilder With(Action<MqttClientOptions> set)
    {
        set(_options);
        return this;
    }
}
