using System.Text;
using Lockstep.Azure.Executions;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Callbacks;

/// <summary>
/// A message of the queue <c>callbacks</c>: the inbox of an execution has something new. The session is the orchestration instance, and the body
/// repeats it for whoever looks at a dead letter; nothing else is in it, so a lost, repeated or late one changes nothing but time.
/// </summary>
public static class WakeMessage
{
    private const string MediaType = "text/plain";

    /// <summary>The message as it is sent.</summary>
    /// <param name="execution">The execution to wake.</param>
    /// <param name="messageId">Its id; two wakes of one execution are two messages.</param>
    public static OutgoingMessage For(ExecutionKey execution, string messageId)
    {
        string instance = ExecutionInstances.IdOf(execution);
        return new OutgoingMessage(messageId, instance, Encoding.ASCII.GetBytes(instance), MediaType);
    }
}
