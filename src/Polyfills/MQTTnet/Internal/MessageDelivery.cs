using System.Diagnostics;
using MQTTnet.Exceptions;

namespace MQTTnet.Internal;

/// <summary>Hands one message to the program's handlers, and acknowledges it where they leave that to the library.</summary>
internal static class MessageDelivery
{
    /// <summary>Never throws: the handlers are not ours, and the next message must come.</summary>
    public static async Task HandOverAsync(Func<MqttApplicationMessageReceivedEventArgs, Task>? handlers, MqttApplicationMessageReceivedEventArgs message)
    {
        try
        {
            await AsyncEvents.InvokeAsync(handlers, message).ConfigureAwait(false);
            if (message.AutoAcknowledge)
            {
                await message.AcknowledgeAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (MqttClientDisconnectedException)
        {
            // The connection ended while the handler worked: the server sends the message again.
        }
        catch (Exception failure)
        {
            Trace.TraceError($"The handler of an MQTT message to '{message.ApplicationMessage.Topic}' failed. The message is not acknowledged. {failure}");
            message.Decline();
        }
    }
}
