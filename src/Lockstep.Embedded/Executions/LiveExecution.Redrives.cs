using Lockstep.Embedded.Journal;
using Lockstep.Engine;
using Lockstep.Service.Redrives;

namespace Lockstep.Embedded.Executions;

// Executions that ended without success and are opened again.
internal sealed partial class LiveExecution
{
    private MailAnswer Redrive(RedriveMail mail, DateTimeOffset now, TurnCommit commit)
    {
        mail.Decision = RedriveDecision.Of(_state, _header.Machine, mail.Request, mail.Revision?.Compiled, now);
        if (mail.Decision.Stimulus is not { } redriven)
        {
            return MailAnswer.Accepted;
        }

        RevisionChange? change = null;
        if (redriven.Definition is not null && mail.Revision is not null)
        {
            _header = _header with { Revision = mail.Revision };
            change = new RevisionChange(mail.Revision.RevisionNumber, mail.Request.Version);
        }

        commit.Reopening = new Reopening(_state.RedriveCount + 1, redriven.Time, change);
        MailAnswer answer = Turn(redriven, commit);
        commit.Publish(_header, ExecutionStatus.Running, redriven.Time, commit.Next);
        return answer;
    }

    /// <summary>A map run redriven by its Map state, or a child of one redriven by its map run. The rules are those of the execution that was asked for.</summary>
    private MailAnswer RedrivePart(RedrivePartMail mail, DateTimeOffset now, TurnCommit commit)
    {
        if (_header.Parent == mail.Parent)
        {
            return MailAnswer.Accepted;
        }

        if (_state.Status is ExecutionStatus.Running or ExecutionStatus.Succeeded)
        {
            return MailAnswer.Ended;
        }

        if (RedriveDecision.OfPart(_state, now).Stimulus is not { } redriven)
        {
            return MailAnswer.NotRedrivable;
        }

        _header = _header with { Parent = mail.Parent };
        commit.Reopening = new Reopening(_state.RedriveCount + 1, now, null) { Parent = mail.Parent };
        return Turn(redriven, commit);
    }
}
