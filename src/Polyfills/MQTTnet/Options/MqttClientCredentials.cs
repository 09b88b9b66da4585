namespace MQTTnet;

/// <summary>Always the same user name and password.</summary>
public sealed class MqttClientCredentials : IMqttClientCredentialsProvider
{
    private readonly string? _userName;
    private readonly byte[]? _password;

    /// <summary>Sends these.</summary>
    public MqttClientCredentials(string? userName, byte[]? password = null)
    {
        _userName = userName;
        _password = password;
    }

    /// <inheritdoc/>
    public byte[]? GetPassword(MqttClientOptions clientOptions) => _password;

    /// <inheritdoc/>
    public string? GetUserName(MqttClientOptions clientOptions) => _userName;
}
