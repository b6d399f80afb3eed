"""Two logs of two rows each, under canonical names."""

INCIDENTS = "incident_id,started_at,services\ni1,2024-03-05T12:30:00Z,web\ni2,2024-03-09T12:30:00Z,db\n"
CHANGES = "change_id,started_at,kind,services\nc1,2024-03-05T12:10:00Z,deploy,web\nc2,2024-03-10T08:10:00Z,config,db\n"
