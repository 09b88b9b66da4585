using System.Text;
using EdgeAgent.Mqtt.Packets;
using MQTTnet.Packets;

namespace MQTTnet.Internal;

/// <summary>Properties in this library's terms: a null, a zero or an empty list is an absent property.</summary>
internal static class PropertyExtensions
{
    public static MqttPropertiesBuilder AddText(this MqttPropertiesBuilder builder, MqttPropertyId id, string? value) =>
        string.IsNullOrEmpty(value) ? builder : builder.Add(id, value);

    public static MqttPropertiesBuilder AddBinary(this MqttPropertiesBuilder builder, MqttPropertyId id, byte[]? value) =>
        value is null or [] ? builder : builder.Add(id, value);

    public static MqttPropertiesBuilder AddNumber(this MqttPropertiesBuilder builder, MqttPropertyId id, uint value) =>
        value == 0 ? builder : builder.Add(id, value);

    public static MqttPropertiesBuilder AddUser(this MqttPropertiesBuilder builder, List<MqttUserProperty>? properties)
    {
        foreach (MqttUserProperty property in properties ?? [])
        {
            builder.AddUser(property.Name, property.Value);
        }
        return builder;
    }

    public static string? GetText(this in MqttProperties properties, MqttPropertyId id) =>
        properties.TryGet(id, out ReadOnlyMemory<byte> value) ? Encoding.UTF8.GetString(value.Span) : null;

    public static List<MqttUserProperty>? GetUser(this in MqttProperties properties)
    {
        List<MqttUserProperty>? found = null;
        foreach (MqttProperty property in properties)
        {
            if (property.Id == MqttPropertyId.UserProperty)
            {
                (found ??= []).Add(new MqttUserProperty(Encoding.UTF8.GetString(property.Bytes.Span), Encoding.UTF8.GetString(property.UserValue.Span)));
            }
        }
        return found;
    }
}
