"""How people prove who they are beyond a PIN or password: the sessions on their devices, a second step, passkeys."""
