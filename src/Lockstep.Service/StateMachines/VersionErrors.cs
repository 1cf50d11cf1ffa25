using System.Globalization;
using Lockstep.Service.Errors;

namespace Lockstep.Service.StateMachines;

/// <summary>The anticipated failures around versions and aliases, worded alike whichever store it is.</summary>
public static class VersionErrors
{
    /// <summary>Another revision is in force than the publisher expected.</summary>
    public static ServiceError OtherRevision(string machine, string current, string expected) => new(
        ErrorCodes.Conflict, $"The current revision of state machine \"{machine}\" is \"{current}\", not \"{expected}\". Read it again before publishing.")
    {
        Target = "/revisionId",
    };

    /// <summary>The machine has as many versions as it may have.</summary>
    public static ServiceError TooManyVersions(string machine, int limit) => new(
        ErrorCodes.ServiceQuotaExceeded,
        string.Create(CultureInfo.InvariantCulture, $"State machine \"{machine}\" has {limit} versions, which is its limit. Delete versions that no alias routes to."));

    /// <summary>The machine has as many aliases as it may have.</summary>
    public static ServiceError TooManyAliases(string machine, int limit) => new(
        ErrorCodes.ServiceQuotaExceeded,
        string.Create(CultureInfo.InvariantCulture, $"State machine \"{machine}\" has {limit} aliases, which is its limit. Delete one first."));

    /// <summary>An alias routes to the version that was to be deleted.</summary>
    public static ServiceError VersionInUse(string machine, long version, string alias) => new(
        ErrorCodes.Conflict,
        string.Create(CultureInfo.InvariantCulture, $"Version {version} of state machine \"{machine}\" is in use: the alias \"{alias}\" routes to it. Update or delete the alias first."))
    {
        Target = "version",
    };

    /// <summary>There is no such version.</summary>
    public static ServiceError NoVersion(string machine, long version) => new(
        ErrorCodes.ResourceNotFound, string.Create(CultureInfo.InvariantCulture, $"State machine \"{machine}\" has no version {version}."));

    /// <summary>There is no such alias.</summary>
    public static ServiceError NoAlias(string machine, string alias) => new(
        ErrorCodes.ResourceNotFound, $"State machine \"{machine}\" has no alias \"{alias}\".")
    {
        Target = "alias",
    };

    /// <summary>The name of an alias is taken.</summary>
    public static ServiceError AliasTaken(string machine, string alias) => new(
        ErrorCodes.Conflict, $"State machine \"{machine}\" has an alias \"{alias}\" with another description or other routes. Update it, or choose another name.")
    {
        Target = "/name",
    };

    /// <summary>The alias is not in the revision that the caller has seen.</summary>
    public static ServiceError AliasChanged(string machine, string alias) => new(
        ErrorCodes.PreconditionFailed, $"The alias \"{alias}\" of \"{machine}\" is not in the revision that If-Match names. Read it again and repeat the change.")
    {
        Target = "If-Match",
    };
}
