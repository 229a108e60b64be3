package container

import (
	"strings"
	"time"
)

// engineContainer is the part of an engine's answer about a container that is
// read.
type engineContainer struct {
	ID    string
	Name  string
	Image string // id
	State struct {
		PID       int64 `json:"Pid"`
		StartedAt time.Time
	}
	Config struct {
		Image       string // reference
		Labels      map[string]string
		Healthcheck *struct{ Test []string }
	}
	HostConfig struct {
		Privileged                    bool
		PidMode, NetworkMode, IpcMode string
	}
	Mounts []struct {
		Source, Destination, Mode, Propagation string
		RW                                     bool
	}
	NetworkSettings struct {
		IPAddress string
		Networks  map[string]struct{ IPAddress string }
	}
}

// engineImage is the part of an engine's answer about an image that is read.
type engineImage struct{ RepoDigests []string }

const hostMode = "host"

func (c *engineContainer) info(kind string) *Info {
	i := &Info{
		ID: ShortID(c.ID), FullID: c.ID, Name: strings.TrimPrefix(c.Name, "/"), Type: kind,
		ImageID: imageID(c.Image), PID: c.State.PID, Labels: labelsOf(c.Config.Labels),
		Privileged:  c.HostConfig.Privileged,
		HostPID:     c.HostConfig.PidMode == hostMode,
		HostNetwork: c.HostConfig.NetworkMode == hostMode,
		HostIPC:     c.HostConfig.IpcMode == hostMode,
		IP:          c.NetworkSettings.IPAddress,
	}
	i.setImage(c.Config.Image)
	if !c.State.StartedAt.IsZero() && c.State.StartedAt.Unix() > 0 {
		i.Started = uint64(c.State.StartedAt.UnixNano())
	}
	for _, network := range c.NetworkSettings.Networks {
		if i.IP == "" {
			i.IP = network.IPAddress
		}
	}
	if c.Config.Healthcheck != nil {
		i.Healthcheck = dockerProbe(c.Config.Healthcheck.Test)
	}
	for _, m := range c.Mounts {
		i.Mounts = append(i.Mounts, Mount{Source: m.Source, Dest: m.Destination, Mode: m.Mode, RW: m.RW, Propagation: m.Propagation})
	}
	i.setPod(c.Config.Labels)
	return i
}
