using Lockstep.Functions.Composition;

await LockstepApp.RunAsync(args);
