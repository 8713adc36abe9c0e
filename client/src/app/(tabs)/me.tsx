export { MeScreen as default } from '../../features/me/me-screen.tsx';
